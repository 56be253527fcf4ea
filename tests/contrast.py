"""How well a colour can be read, by WCAG 2.2."""


def contrast(one: float, other: float) -> float:
    """The ratio of two luminances; 4.5 is the least for text (1.4.3)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance, of parts between 0 and 1."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def of_256(number: int) -> float:
    """The luminance of one of xterm's 256 colours, from 16 on."""
    if number >= 232:
        grey = (8 + (number - 232) * 10) / 255
        return luminance(grey, grey, grey)
    levels = [0, 95, 135, 175, 215, 255]
    digits = (number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6
    red, green, blue = (levels[digit] / 255 for digit in digits)
    return luminance(red, green, blue)


def of_rgb(rgb: str) -> float:
    """The luminance of a colour that is written as six hex digits."""
    red, green, blue = bytes.fromhex(rgb)
    return luminance(red / 255, green / 255, blue / 255)
