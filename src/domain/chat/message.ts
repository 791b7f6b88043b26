/** A posted message, so that it can be edited and answered. */
export interface MessageReference {
  channel: string;
  timestamp: string;
}
