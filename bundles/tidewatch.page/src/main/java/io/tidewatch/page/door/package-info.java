/** Who may read the page. */
@NullMarked
package io.tidewatch.page.door;

import org.jspecify.annotations.NullMarked;
