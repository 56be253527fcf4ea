"""
What a person sees in her browser while a client asks for her accounts.

Plain HTML, no script. The templates are XML for `twisted.web.template`: whatever is
filled into one of their slots is escaped there, so no name that a client or a
customer chose can become markup.
"""
