/** A sign of an intrusion on a node: one clause, the same at every look, and free of values of keys. */
export type Sign = string;

/** A sign, since when it is known, and whether a person has answered for it. */
export interface SeenSign {
  sign: Sign;
  /** ISO 8601. */
  at: string;
  acknowledged?: true | undefined;
  /** Who asked for the acknowledgement that another person must give. */
  asked?: { by: string; at: string } | undefined;
}
