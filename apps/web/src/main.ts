/** Starts the page: settings, the client of this origin, the desk, and the component tree. */
import { RestClient } from '@rialto/client/rest-client';
import { mount } from 'svelte';
import App from './app.svelte';
import { Desk } from './data/desk.svelte.ts';
import { Settings } from './settings/settings.svelte.ts';
import './settings/tokens.css';
import './settings/base.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element #app');

const streamUrl = new URL('/api/v1/stream', location.href);
streamUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const desk = new Desk(new RestClient({ origin: '' }), new Settings(), streamUrl.href);
mount(App, { target, props: { desk } });
void desk.start();
