/** Folders of the system and its packages. */
const OF_THE_SYSTEM =
  /^\/(?:bin|boot|dev|etc|lib|lib32|lib64|libx32|lost\+found|proc|run|sbin|sys|usr|var\/(?:backups|cache|lib|lock|log|mail|opt|run|spool|tmp|www))(?:\/|$)/;
/** Hidden from Redis by Debian’s unit (ProtectHome, PrivateTmp). */
const HIDDEN = /^\/(?:home|root|tmp|var\/tmp)(?:\/|$)/;
/** Redis’s own folder in Debian, and its siblings. */
const OF_REDIS = /^\/var\/lib\/redis[\w.-]*(?:\/|$)/;

/**
 * Why a folder cannot be given to Redis with its owner and mode; null if it can. The path is absolute, in plain
 * characters.
 */
export function systemFolderMistake(path: string): string | null {
  const parts = path.split('/').slice(1);
  if (parts.some((part) => part === '.' || part === '..')) return 'must not have . or .. in it';
  if (HIDDEN.test(path)) return 'is a folder that the unit’s sandbox hides from Redis';
  if (OF_THE_SYSTEM.test(path) && !OF_REDIS.test(path)) return 'is a folder of the system';
  return parts.length < 2 ? 'must be a folder of Redis’s own, such as /data/redis' : null;
}
