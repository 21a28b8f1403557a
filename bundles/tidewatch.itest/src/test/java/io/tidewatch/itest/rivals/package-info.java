/** The shipped agent measured beside others on the same machine; {@code ./bench rivals} runs it. */
package io.tidewatch.itest.rivals;
