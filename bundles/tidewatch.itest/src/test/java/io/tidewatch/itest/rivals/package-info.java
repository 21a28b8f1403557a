/** The shipped agent measured beside others on the same machine; {@code ./bench} runs it. */
package io.tidewatch.itest.rivals;
