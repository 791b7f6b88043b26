const DEFAULT_LAB = 'redisops-lab';

/** The labs that test files run in: `LABS` of them (one where it is not set), named after `LAB`. */
export function labNames(environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  const { LAB: name = DEFAULT_LAB, LABS: count = '1' } = environment;
  if (!/^[1-9]$/.test(count)) throw new Error(`LABS must be 1 to 9, but is '${count}'.`);
  return Array.from({ length: Number(count) }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
}
