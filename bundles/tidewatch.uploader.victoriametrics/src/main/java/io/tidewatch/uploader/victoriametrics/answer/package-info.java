/** What a reply means: accepted, refused, or worth a retry, and when. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.answer;

import org.jspecify.annotations.NullMarked;
