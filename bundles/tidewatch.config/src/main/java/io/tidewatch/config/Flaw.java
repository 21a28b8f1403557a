package io.tidewatch.config;

/**
 * What is wrong with a line.
 *
 * @param line its number, from 1; 0: no line of the file
 * @param key the key as written, or as much of it as there is
 * @param complaint the rest of a sentence that begins with the key; nothing of the value, which may be a secret
 * @param refused whether the line cannot be used; else it is only worth a remark
 */
record Flaw(int line, String key, String complaint, boolean refused) {}
