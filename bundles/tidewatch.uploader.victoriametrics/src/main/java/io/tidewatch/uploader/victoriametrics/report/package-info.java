/** What is logged, counted and shown in health. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.report;

import org.jspecify.annotations.NullMarked;
