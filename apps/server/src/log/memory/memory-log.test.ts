import { describeLogContract } from '../log.contract.ts';
import { createMemoryLog, MemoryLogStorage } from './memory-log.ts';

describeLogContract({
  name: 'memory',
  skip: {
    'connections cut in flight neither lose nor double an append': 'memory has no connections',
  },
  create: () => {
    const storage = new MemoryLogStorage();
    return Promise.resolve({
      openLog: () => createMemoryLog(storage),
      damage: (partition, seq, change) => Promise.resolve(storage.damage(partition, seq, change)),
      frames: () => Promise.resolve(storage.frameCount),
      cutConnections: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
});
