// The words of the page, in the language that the officer chose.

import { ar } from "./ar.js";
import { en } from "./en.js";
import { ru } from "./ru.js";
import { shared } from "./shared.js";
import { uk } from "./uk.js";

const PAGE = { ar, en, ru, uk };
/** The languages by their own names, in the order of their codes. */
export const LANGUAGES = { ar: "العربية", en: "English", ru: "Русский", uk: "Українська" };

/** A word of the page, an outcome (`RECEIVED`) or a cause (`pack.pin`) in a language. */
export function word(language, code) {
  return PAGE[language][code] ?? shared[language][code] ?? code;
}

/** The language that the browser asks for, or English. */
export function browserLanguage() {
  return navigator.languages.map((name) => name.slice(0, 2)).find((name) => name in PAGE) ?? "en";
}
