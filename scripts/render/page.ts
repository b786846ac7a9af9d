import { showTime } from '../decide/show.ts';
import type { PageEvent } from '../read/pagerduty-event.ts';
import type { Form } from '../schema/form.ts';
import { render } from './engine.ts';
import { wholeTemplate } from './paste.ts';

/** The description of an incident that a page makes: the page's details in a fence, made inert, then the template to fill in. */
export function renderPage(page: PageEvent, form: Form): string {
  const { service, title, urgency = '', priority = '', number, url = '', at } = page;
  const facts = {
    service,
    title,
    urgency,
    priority,
    number: number === undefined ? '' : String(number),
    url,
    at: showTime(at),
  };
  return render('issues/page', { ...facts, template: wholeTemplate(form) });
}
