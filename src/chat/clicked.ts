import type { Click } from '../domain/chat/click.ts';
import type { MessageReference } from '../domain/chat/message.ts';
import type { Person } from './person.ts';

/** A click on one of our buttons, and who clicked. */
export interface Clicked<Of extends Click = Click> extends Person {
  /** The same ID if Slack delivers the click twice. */
  id: string;
  click: Of;
  /** The message with the button. */
  message: MessageReference;
}
