// @ts-check
import '/assets/clock.js';
import { keepFresh } from './fresh.js';

keepFresh({ url: '/ws/v1/admin', role: 'admin', topic: 'chief' });
