import { describeLogContract } from '../log.contract.ts';
import { createMemoryLog, MemoryLogStorage } from './memory-log.ts';

describeLogContract({
  name: 'memory',
  create: () => {
    const storage = new MemoryLogStorage();
    return Promise.resolve({
      openLog: () => createMemoryLog(storage),
      damage: (partition, seq, change) => Promise.resolve(storage.damage(partition, seq, change)),
      frames: () => Promise.resolve(storage.frameCount),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
});
