; inherits: javascript
; SPDX-License-Identifier: Apache-2.0
; JSX is part of the JavaScript grammar.
