/** Read by the Vite plugin and by svelte-check: runes everywhere. */
export default { compilerOptions: { runes: true } };
