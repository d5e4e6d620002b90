import { rememberSomewhere } from './storage.ts'

// Before any other module reads it.
rememberSomewhere(window)
