/** HTTP/1.1 requests over TCP, TLS and Unix sockets that end at a deadline and at an interrupt. */
@Export
@Version("1.0.0")
@NullMarked
package io.tidewatch.httpclient;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
