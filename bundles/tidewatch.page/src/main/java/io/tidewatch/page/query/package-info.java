/** Selectors, and what they select of the stored samples. */
@NullMarked
package io.tidewatch.page.query;

import org.jspecify.annotations.NullMarked;
