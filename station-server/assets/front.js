// @ts-check
import { keepFresh } from './refresh.js';

const { fragment } = document.documentElement.dataset;
if (fragment) keepFresh({ url: '/ws/v1/display', role: 'display', topic: 'board', fragment });
