import type { ConfigSource } from '../../ports/git.ts';

/** A question about a repository. Arguments and answers are data. */
type Question = (source: ConfigSource, ...rest: never[]) => Promise<unknown>;

/** The same questions, each answered where its source says: in place, or in isolation. */
export function askedApart<Questions extends Record<string, Question>>(questions: Questions): Questions {
  const asked = Object.entries(questions).map(([name, answer]) => [
    name,
    (source: ConfigSource, ...rest: never[]) =>
      source.apart ? source.apart.answer(name, [source, ...rest]) : answer(source, ...rest),
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other side calls the function of the same name.
  return Object.fromEntries(asked) as Questions;
}
