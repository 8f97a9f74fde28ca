// Inflating alone: DecompressionStream is missing in browsers that are not new, and is asynchronous where it exists.
export { inflateSync, strFromU8 } from "fflate";
