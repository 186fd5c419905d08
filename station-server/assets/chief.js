// @ts-check
import '/assets/clock.js';
import { keepFresh } from './refresh.js';

const { fragment } = document.documentElement.dataset;
if (fragment) keepFresh({ url: '/ws/v1/admin', role: 'admin', topic: 'chief', fragment });
