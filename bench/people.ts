/**
 * The forty devices that make requests, and their owners. The fake tailnet has them as peers, the traffic as clients.
 */
export type Visitor = { ip: string; hostname: string; login: string; name: string };

const PEOPLE = [
  ...['amelie', 'bruno', 'chiara', 'dmitri', 'elena', 'farid', 'greta', 'hiro', 'ines', 'jonas'],
  ...['katya', 'liam', 'maren', 'noor', 'oskar', 'priya'],
];
const KINDS = ['laptop', 'phone', 'desktop', 'tablet'];
const COUNT = 40;

export const VISITORS: readonly Visitor[] = Array.from({ length: COUNT }, (_, i) => {
  const person = PEOPLE[i % PEOPLE.length] ?? '';
  return {
    ip: `100.64.0.${i + 10}`,
    hostname: `${person}-${KINDS[Math.floor(i / PEOPLE.length)]}`,
    login: `${person}@example.com`,
    name: `${person[0]?.toUpperCase()}${person.slice(1)} Example`,
  };
});
