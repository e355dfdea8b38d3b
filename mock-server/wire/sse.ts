/** A frame with data only, as OpenAI's older APIs send it. */
export const dataFrame = (json: string): string => `data: ${json}\n\n`;

/** A named frame, as Anthropic and the Responses API send it. */
export const eventFrame = (event: string, json: string): string => `event: ${event}\ndata: ${json}\n\n`;

/** OpenAI's last frame. */
export const DONE_FRAME = 'data: [DONE]\n\n';

/** The same text in one piece of memory: what is glued to every token of a stream must not itself be glued together each time. */
export const flat = (text: string): string => Buffer.from(text).toString();

/** A text as JSON; a plain one only needs its quotes. */
export const quoted = (text: string, plain: boolean): string => (plain ? `"${text}"` : JSON.stringify(text));

/** Whether a text is ASCII. */
export const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;
