/** Requests and their replies, with limits of time and size. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.http;

import org.jspecify.annotations.NullMarked;
