/** Scrapes the Prometheus pages of other programs. */
@NullMarked
package io.tidewatch.collector.scrape;

import org.jspecify.annotations.NullMarked;
