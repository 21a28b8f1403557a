/** Certificates, keys and sockets of secure connections. */
@NullMarked
package io.tidewatch.uploader.victoriametrics.tls;

import org.jspecify.annotations.NullMarked;
