// What the build adds to the language: style sheets, worker URLs.
/// <reference types="vite/client" />
