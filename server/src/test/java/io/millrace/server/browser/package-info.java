/**
 * A real browser for tests: Debian's Chromium, headless, driven over its DevTools protocol by the JDK's own WebSocket client.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>
 */
package io.millrace.server.browser;
