/** Answers questions about configuration repositories in isolation, so that a hostile file stalls nothing else. */
export interface Apart {
  /**
   * @param question A name that both sides know.
   * @throws What the answering function throws; CONFIG_TOO_COSTLY
   */
  answer(question: string, args: readonly unknown[]): Promise<unknown>;
}
