// @ts-check
import { halt } from '/assets/clock.js';
import { keepFresh } from './fresh.js';

// Nobody knows whether a visit still goes on: its clock stands until the page hears of it again.
keepFresh({ url: '/ws/v1/admin', role: 'admin', topic: 'chief', onLink: halt });
