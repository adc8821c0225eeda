import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element as a reader sees it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

const reference = '&(?:amp|lt|gt|quot|#9|#10|#13);';
const attribute = String.raw`\s[A-Za-z_][\w.-]*="(?:[^<&"\t\n\r]|${reference})*"`;
const markup = new RegExp(
  String.raw`^<\?xml version="1\.0"\?>(?:</[A-Za-z_][\w.-]*>|<[A-Za-z_][\w.-]*(?:${attribute})*/?>|\s)*$`,
  'u',
);
/** Section 2.2 of XML 1.0: what no document may hold, not even as a reference. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
});

/**
 * Reads a document of elements and attributes, and throws where it is not well-formed. The parser lets some slips pass,
 * such as a bare `<` in an attribute, so the grammar of XML 1.0 is held against it first.
 */
export function readXml(text: string): Element {
  if (forbidden.test(text)) throw new Error(`not a character of XML: ${JSON.stringify(text)}`);
  if (!markup.test(text)) throw new Error(`not markup: ${JSON.stringify(text)}`);
  const validity = XMLValidator.validate(text);
  if (validity !== true) throw new Error(`${validity.err.msg}: ${text}`);
  const [root, ...more] = (parser.parse(text) as readonly OrderedNode[]).flatMap(toElement);
  if (root === undefined || more.length > 0) throw new Error(`not one root: ${text}`);
  return root;
}

interface OrderedNode {
  readonly [name: string]: readonly OrderedNode[] | Readonly<Record<string, string>> | string;
}

function toElement({ ':@': attributes = {}, ...node }: OrderedNode): readonly Element[] {
  const [entry] = Object.entries(node);
  if (entry === undefined || entry[0] === '#text') return [];
  const [name, children] = entry;
  return [
    {
      name,
      attributes: attributes as Readonly<Record<string, string>>,
      children: (children as readonly OrderedNode[]).flatMap(toElement),
    },
  ];
}
