"""What people see in a browser: pages, and the small servers that bring them; no rules.

``python -m parley.web --desk FOLDER`` (``parley serve`` starts it) opens one desk and serves its pages: one program, one
desk, one writer. ``served.Served`` is that one thing: the desk behind a lock, its folder, the office's data, who may sign in.

How a screen is added
  1. A module with its views and a table ``SCREENS`` of ``screens.Screen`` rows (name, path, view, place in the menu), listed
     in ``urls.MODULES``. A view is ``def view(request, …) -> HttpResponse``; ``served_of(request)`` gives the desk,
     ``request.officer`` who asks (None on a public screen), ``request.language`` the language. It reads the desk
     with ``with served.looking() as desk:`` and changes it with ``with served.working() as desk:``.
  2. Who may see it: the screen's name in ``roles.MAY_SEE`` (or in ``roles.PUBLIC``). A screen that nobody may see is a
     mistake that a test finds; a test also walks every screen as every role.
  3. Its name in the phrases, ``web.screen.<name>``, in four languages, and a template that extends ``page.html``. In templates
     ``{% say "code" fact=value %}`` is a phrase, ``{{ value|v }}`` any value from the record or from people (in ``<bdi>``),
     ``{{ moment|moment }}`` a time, ``{% n count %}`` a number. No style and no script
     stands in a page, the policy of content forbids it; ``static/`` is served under ``/static/``.
  4. No rule in a view: a button for an act is ``{% act_button "kind" %}``, which shows a link where the law says nothing and
     the officer's role may, and otherwise why not. The form, "check your answers" and the signature follow by themselves.
"""
