import { z } from 'zod';
import type { MessageReference } from '../domain/chat/message.ts';
import { exactly } from './exactly.ts';

export const messageReference = exactly<MessageReference>()(z.object({ channel: z.string(), timestamp: z.string() }));
