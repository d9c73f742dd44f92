;;; repomap.el --- Ranked maps of repositories, and look-ups  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; For Emacs 26.3 and later.
;;
;;   M-x repomap         the ranked map of the repository around the current buffer; with a prefix
;;                       argument it asks what the work is about
;;   M-x repomap-eglot   look-ups through Eglot: xref, imenu, xref-find-apropos
;;
;; Where Eglot knows no language server for a mode, M-x eglot offers repomap by itself.

;;; Code:

(require 'subr-x)

(defgroup repomap nil
  "Ranked maps of repositories, and look-ups."
  :group 'tools)

(defcustom repomap-program "repomap"
  "The program."
  :type 'string)

(defcustom repomap-tokens 2048
  "The budget of a map, in tokens."
  :type 'integer)

(defun repomap--root ()
  "The directory of the repository around the current buffer."
  (expand-file-name (or (locate-dominating-file default-directory ".git") default-directory)))

;;;###autoload
(defun repomap (&optional query)
  "Show the ranked map of the repository, for what QUERY is about.
With a prefix argument, ask for QUERY."
  (interactive (list (and current-prefix-arg (read-string "The work is about: "))))
  (let* ((root (repomap--root))
         (words (and query (not (string-empty-p query)) (list "--query" query)))
         (buffer (get-buffer-create "*repomap*"))
         (errors (make-temp-file "repomap")))
    (unwind-protect
        (with-current-buffer buffer
          (let ((inhibit-read-only t)
                (coding-system-for-read 'utf-8))
            (setq default-directory root)
            (erase-buffer)
            (let ((status (apply #'call-process repomap-program nil (list t errors) nil
                                 "map" "--root" root "--tokens" (number-to-string repomap-tokens) words)))
              (unless (eq status 0)
                (error "repomap: %s" (with-temp-buffer
                                       (insert-file-contents errors)
                                       (string-trim (buffer-string)))))))
          (goto-char (point-min))
          (special-mode))
      (delete-file errors))
    (if noninteractive buffer (display-buffer buffer))
    buffer))

(defconst repomap-modes
  '(c-mode c++-mode csharp-mode css-mode elixir-mode elm-mode erlang-mode f90-mode go-mode haskell-mode html-mode
    java-mode js-mode js2-mode julia-mode kotlin-mode lua-mode perl-mode php-mode python-mode ruby-mode rust-mode
    scala-mode sh-mode swift-mode typescript-mode zig-mode
    c-ts-mode c++-ts-mode csharp-ts-mode css-ts-mode go-ts-mode java-ts-mode js-ts-mode python-ts-mode ruby-ts-mode
    rust-ts-mode tsx-ts-mode typescript-ts-mode bash-ts-mode)
  "Modes of languages that repomap reads.")

(defvar eglot-server-programs)
(declare-function eglot--guess-contact "eglot")
(declare-function eglot "eglot")

(defun repomap--contact (&rest _)
  "The command of the language server."
  (list repomap-program "lsp"))

;; Behind all others, so that a server that knows the language goes first.
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs (cons repomap-modes #'repomap--contact) t))

;;;###autoload
(defun repomap-eglot ()
  "Start Eglot with repomap in this buffer, whatever other servers there are."
  (interactive)
  (require 'eglot)
  (let ((eglot-server-programs (list (cons major-mode #'repomap--contact))))
    (call-interactively #'eglot)))

(provide 'repomap)

;;; repomap.el ends here
