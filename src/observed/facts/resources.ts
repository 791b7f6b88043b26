import { assignments, figure, type Fact } from '../fact.ts';

export interface Resources {
  freeBytes: number;
  memoryTotalBytes: number;
  memoryAvailableBytes: number;
}

export const resourcesFact: Fact<Resources> = {
  script: `
    place=$dir
    while [ ! -d "$place" ]; do place=$(dirname "$place"); done
    echo "free=$(df -P -B1 -- "$place" | awk 'END { print $4 }')"
    awk '/^MemTotal:/ { print "total=" $2 } /^MemAvailable:/ { print "available=" $2 }' /proc/meminfo`,
  parse(stdout) {
    const found = assignments(stdout);
    return {
      freeBytes: figure(found.get('free')),
      memoryTotalBytes: figure(found.get('total')) * 1024,
      memoryAvailableBytes: figure(found.get('available')) * 1024,
    };
  },
};
