/**
 * Folders in which a file becomes a login, a scheduled command, a library or a web page. An intruder has Redis save
 * there: https://redis.io/docs/latest/operate/oss_and_stack/management/security/ (“Attacks triggered by malicious
 * inputs”), http://antirez.com/news/96.
 */
const EXECUTED: readonly RegExp[] = [
  /^\/(?:etc|boot|lib|lib32|lib64|proc|sys)(?:\/|$)/,
  /^\/usr\/(?:local\/)?(?:lib|lib32|lib64|libexec)(?:\/|$)/,
  /^\/usr\/share\/(?:nginx|httpd|apache2?)(?:\/|$)/,
  /^\/usr\/local\/(?:apache2?|nginx|www)(?:\/|$)/,
  /^\/var\/spool\/(?:cron|anacron|at|incron)(?:\/|$)/,
  /^\/var\/(?:www|cron)(?:\/|$)/,
  /^\/srv\/(?:www|http|htdocs)(?:\/|$)/,
  /^\/opt\/(?:lampp|nginx)(?:\/|$)/,
  /^\/root$/,
  /^\/(?:root|home\/[^/]+)\/\.[^/]/,
  /\/(?:\.ssh|public_html|htdocs|wwwroot|cron\.d)(?:\/|$)/,
];

/** Debian’s unit lets Redis write here; nothing in it is executed. */
const OWN = /^\/etc\/(?:redis|valkey)(?:\/|$)/;

/** Where an intruder has a module or a binary written that Redis then loads. */
const WRITABLE_BY_ALL = /^\/(?:tmp|var\/tmp|dev\/shm|run\/shm)(?:\/|$)/;

const FILES: ReadonlySet<string> = new Set([
  'root',
  'crontab',
  'authorized_keys',
  'authorized_keys2',
  'id_rsa',
  'known_hosts',
  'passwd',
  'shadow',
  'sudoers',
  'ld.so.preload',
  'rc.local',
  '.bashrc',
  '.bash_profile',
  '.profile',
  '.bash_login',
  '.bash_logout',
  '.zshrc',
]);

const EXECUTED_FILE =
  /\.(?:so|so\.\d{1,3}|ko|php\d?|phtml|phar|jspx?|aspx?|cgi|sh|bash|py|pl|rb|elf|service|timer|socket|desktop)$/;

/** Whether nobody keeps a dataset there, but an intruder gains from a file there. `dir` as Redis reports it. */
export function isExecutedFolder(dir: string): boolean {
  const path = normalized(dir);
  return !OWN.test(path) && EXECUTED.some((pattern) => pattern.test(path));
}

/** Whether the file’s name alone makes it a login, a schedule or a program. */
export function isExecutedFile(name: string): boolean {
  const lower = name.toLowerCase();
  return FILES.has(lower) || EXECUTED_FILE.test(lower);
}

/** Whether Redis, or any user, can put a file there. `folders`: those of Redis’s data. */
export function isWritableByRedis(path: string, folders: readonly string[]): boolean {
  // Relative to Redis’s `dir`.
  if (!path.startsWith('/')) return true;
  const whole = normalized(path);
  return WRITABLE_BY_ALL.test(whole) || folders.some((folder) => whole.startsWith(`${normalized(folder)}/`));
}

/** Without doubled slashes, `.`, `..` and a slash at the end. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
