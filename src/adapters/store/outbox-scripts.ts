const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * KEYS: outbox, run’s notes. ARGV: run, cluster, purpose, version, digest, `once`, note as JSON, seconds kept, milliseconds
 * until it is due. What is leased or failed keeps its time. Returns 0 if there is nothing new to say.
 */
export const KEEP_NOTE = `
local field, said = 'note:' .. ARGV[3], redis.call('HGET', KEYS[2], 'said:' .. ARGV[3])
local isKept = redis.call('HEXISTS', KEYS[2], field) == 1
-- A version begins with the digest: the same is said once, however often it is kept meanwhile.
local waiting = redis.call('HGET', KEYS[2], 'version:' .. ARGV[3])
if waiting and string.sub(waiting, 1, #ARGV[5]) == ARGV[5] then return 0 end
if ARGV[6] == 'once' and (said or isKept) then return 0 end
if not isKept and said == ARGV[5] then return 0 end
${NOW.trim()}
local order = redis.call('HINCRBY', KEYS[2], 'order', 1)
local kept = '{"order":' .. order .. ',"purpose":' .. cjson.encode(ARGV[3]) .. ',"version":"' .. ARGV[4] .. '","digest":"' ..
  ARGV[5] .. '","keptAt":' .. string.format('%.0f', now) .. ',"note":' .. ARGV[7] .. '}'
redis.call('HSET', KEYS[2], 'cluster', ARGV[2], field, kept, 'version:' .. ARGV[3], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[8])
redis.call('ZADD', KEYS[1], 'NX', string.format('%.0f', now + ARGV[9]), ARGV[1])
return 1`;

/** KEYS: outbox. ARGV: token, milliseconds of the lease, prefix of notes. Returns run, cluster and failed tries, or nothing. */
export const TAKE_DELIVERY = `${NOW}
for _, run in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 20)) do
  local cluster = redis.call('HGET', ARGV[3] .. run, 'cluster')
  if cluster then
    redis.call('HSET', ARGV[3] .. run, 'lease', ARGV[1])
    redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), run)
    return { run, cluster, redis.call('HGET', ARGV[3] .. run, 'tries') or '0' }
  end
  redis.call('ZREM', KEYS[1], run)
end
return {}`;

/** KEYS: run’s notes. ARGV: token, purpose, version, digest. Returns 0 if another has the lease. */
export const MARK_SAID = `
if redis.call('HGET', KEYS[1], 'lease') ~= ARGV[1] then return 0 end
if redis.call('HGET', KEYS[1], 'version:' .. ARGV[2]) == ARGV[3] then
  redis.call('HDEL', KEYS[1], 'note:' .. ARGV[2], 'version:' .. ARGV[2])
end
redis.call('HSET', KEYS[1], 'said:' .. ARGV[2], ARGV[4])
return 1`;

/** KEYS: outbox, run’s notes. ARGV: run, token, milliseconds of the lease. Returns 0 if another has the lease. */
export const RENEW_DELIVERY = `
if redis.call('HGET', KEYS[2], 'lease') ~= ARGV[2] then return 0 end${NOW}
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[3]), ARGV[1])
return 1`;

/** KEYS: outbox, run’s notes. ARGV: run, token, milliseconds until the next try (empty: it did not fail). */
export const END_DELIVERY = `
if redis.call('HGET', KEYS[2], 'lease') ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[2], 'lease')
local isLeft = false
for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
  if string.sub(field, 1, 5) == 'note:' then isLeft = true end
end
if ARGV[3] == '' or not isLeft then redis.call('HDEL', KEYS[2], 'tries') else redis.call('HINCRBY', KEYS[2], 'tries', 1) end
if not isLeft then return redis.call('ZREM', KEYS[1], ARGV[1]) end${NOW}
return redis.call('ZADD', KEYS[1], string.format('%.0f', now + (tonumber(ARGV[3]) or 0)), ARGV[1])`;
