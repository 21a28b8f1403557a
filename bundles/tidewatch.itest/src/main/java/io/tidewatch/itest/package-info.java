/**
 * Tests of what happens inside a running agent when bundles and configurations come, change and go. Not null-marked:
 * osgi-test fills the fields.
 */
package io.tidewatch.itest;
