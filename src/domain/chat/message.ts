/** A posted message that can be edited and replied to. */
export interface MessageReference {
  channel: string;
  timestamp: string;
}
