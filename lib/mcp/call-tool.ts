import { problemResponse } from '../api/errors';
import { problemSchema } from '../api/schemas';
import { requireRole } from '../identity/current';
import { currentServices } from '../services';
import { bounded } from './bounded';
import { requestOf, type Tool } from './tools';

/** What a tool answers; with `isError`, why it did not. */
export type ToolAnswer = { content: { type: 'text'; text: string }[]; isError?: true };

const textAnswer = (...texts: string[]): ToolAnswer => ({
  content: texts.map((text) => ({ type: 'text', text })),
});

/** Runs a tool's call for the current caller. Errors are answers, too: the model reads them and may do better. */
export async function callTool(tool: Tool, given: Record<string, unknown>): Promise<ToolAnswer> {
  try {
    requireRole(tool.needs);
    const { url, parts } = requestOf(tool, given);
    const answer = await tool.answer(currentServices(), url, parts);
    const { text, note } = bounded(answer, narrowing(tool));
    return note === null ? textAnswer(text) : textAnswer(text, note);
  } catch (error) {
    const { title, detail, errors = [] } = problemSchema.parse(await problemResponse(error).json());
    const faults = errors.map(({ parameter, message }) => `${parameter} ${message}`);
    const text = [`${title}: ${detail}`, ...faults].join('\n');
    return { ...textAnswer(text), isError: true };
  }
}

/** Returns the parameters by which one may ask a tool for less. */
const narrowing = ({ properties, inPath }: Tool) =>
  Object.keys(properties).filter((name) => !inPath.has(name) && name !== 'collector');
