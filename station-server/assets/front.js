// @ts-check
import { keepFresh } from './fresh.js';

keepFresh({ url: '/ws/v1/display', role: 'display', topic: 'board' });
