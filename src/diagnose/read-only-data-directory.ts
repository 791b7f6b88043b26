import type { Rule } from './rule.ts';

/** Debian’s unit has ProtectSystem=strict: a folder outside ReadWritePaths is read-only for Redis alone. */
export const readOnlyDataDirectory: Rule = ({ name, host, redis }, { dataDirectory, dropIn }) => {
  if (redis.state !== 'up' || host.dataDirectoryWritable !== false) return [];
  const present = host.files.get(dropIn.path)?.exists === true;
  const said = host.log.findLast((line) => line.includes('Read-only file system'));
  return [
    {
      id: 'DATA_DIRECTORY_READ_ONLY',
      node: name,
      cause: present
        ? 'The drop-in exists, but the running Redis was started without it, or the directory has another owner.'
        : 'The unit’s sandbox keeps Redis from writing its data directory: the drop-in is missing.',
      evidence: [
        `${dataDirectory} is not writable through Redis’s own mounts`,
        `ProtectSystem=${host.unit.protectSystem}, ReadWritePaths=${host.unit.readWritePaths.join(' ')}`,
        ...(said === undefined ? [] : [said]),
      ],
      byHand: `Add \`ReadWritePaths=${dataDirectory}\` to a drop-in of the unit, run \`systemctl daemon-reload\`, and restart Redis.`,
      fix: {
        goal: { kind: 'converge' },
        does: '`apply` writes the drop-in, sets the owner, and restarts Redis.',
        safe: redis.role === 'replica',
      },
    },
  ];
};
