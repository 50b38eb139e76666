/** What people write to a shop, by hand: four labels, as many texts of each. */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  delivery: [
    'My parcel was due on Monday and the tracking page has not moved since it left the depot in Leeds.',
    'The courier left the box with a neighbour I have never met. Which house number was it?',
    'Can you send the order to my office instead? I will not be home before seven this week.',
    'Tracking says delivered, but there is nothing on the porch and nobody rang the bell.',
    'The driver could not find our farm. Please tell him to take the second gate after the bridge.',
    'How long does shipping to the islands take in winter, when the ferry only goes twice a week?',
    'The box arrived open and wet, and the wrapping paper was torn on every side.',
    'I ordered two lamps and the parcel holds one. Is the other one coming later?',
    'Please hold the delivery until the tenth, we are moving house at the weekend.',
    'The parcel shop says my code is wrong. Could the courier send me a new one?',
    'It has been nine days since dispatch. Has the truck been lost somewhere?',
    'Your courier threw the package over the fence and the vase inside is in pieces.',
    'Can I collect the order at the warehouse myself and save the shipping?',
    'The label has the wrong postcode on it, so the parcel went to another town.',
    'Is it possible to choose an evening slot for the delivery of the wardrobe?',
    'Nobody told me that the table comes on a pallet which the driver leaves at the kerb.',
  ],
  payment: [
    'I was charged twice for the same order, once on Friday and once on Saturday.',
    'The refund of 34 euros that you promised in March has not reached my bank account yet.',
    'Your invoice lacks the tax number of our company. Could you issue a corrected one?',
    'My card was declined although there is enough money on it. Which banks do you accept?',
    'The voucher code is not taken off the total at the checkout.',
    'Why do I pay a fee for an invoice on paper? It was free last year.',
    'Please change my monthly payment to direct debit from the first of May.',
    'The bill shows the full price, but the shirt was on sale when I put it into the basket.',
    'I paid by bank transfer a week ago and the order still says that you wait for the money.',
    'Can I pay the sofa in six instalments, and what interest would that cost?',
    'There is a charge of 12.99 from you on my statement that I cannot explain.',
    'The gift card has 20 pounds left, yet the shop says that its balance is zero.',
    'You refunded the shoes but kept the shipping, although I sent back everything.',
    'Which exchange rate do you use when I pay in dollars?',
    'I need a receipt with the date of payment for my tax return.',
    'The reminder asks for a late fee, but the invoice was paid on the day it came.',
  ],
  account: [
    'I cannot log in any more, the page says that my password has expired.',
    'The link for a new password in your mail leads to an empty page.',
    'Please delete my account and everything that you have stored about me.',
    'I have a new mail address. How can I change it without losing my order history?',
    'Your app asks for a code by text message, but I no longer have that phone number.',
    'Somebody in another country signed in to my account last night. Please lock it.',
    'The site logs me out every few minutes while I fill in the form.',
    'I have two accounts by mistake. Can you merge them and keep the older one?',
    'My daughter used my name for her profile, and now neither of us can sign in.',
    'How do I switch off the newsletter? The button in the settings does nothing.',
    'Two-factor login fails because the clock of my phone is five minutes behind.',
    'The captcha never accepts my answer, so I cannot register.',
    'After the update of the app my wish list and my saved addresses are gone.',
    'Which password rules apply? It refuses everything with a space in it.',
    'I would like to see all data about me that you keep, as the law allows.',
    'My user name has a spelling mistake that I would like to correct.',
  ],
  praise: [
    'The new kettle is quiet, quick and lovely to look at. Thank you!',
    'I have never had such friendly help on the phone. Please tell Maria that she made my day.',
    'Great shop. The boots fit perfectly and feel as if I had worn them for years.',
    'Everything came well packed, with a handwritten card. That made us smile.',
    'My son has not put the building set down since his birthday. Wonderful toy.',
    'Best pillow I ever bought, I sleep like a stone.',
    'Thank you for replacing the broken cup at once and without any questions.',
    'The bread knife is a joy, sharp and well balanced.',
    'Your advice about the paint was right, the kitchen looks brilliant.',
    'I love the colour of the scarf, it is even warmer than in the picture.',
    'Five stars from the whole family for the tent, dry and cosy in a stormy night.',
    'Honest descriptions, fair prices, good people. I will come back.',
    'The bicycle runs so smoothly that I now cycle to work every day.',
    'What a beautiful catalogue, I keep it on the coffee table.',
    'The repair of my old radio was quick and excellent, it sounds like new.',
    'Super service as always, keep up the good work!',
  ],
};

/** A complaint long enough that one changed word leaves most of it as it was. */
const COMPLAINT =
  'Dear team, on the third of April I ordered the oak bookcase with five shelves for our reading room. It came on the ' +
  'twentieth, one week later than you had promised, with a deep scratch across the left side and without the bag of screws. ' +
  'I called three times and was told each time that a colleague would ring me back, which has not happened until today. ' +
  'Please send the screws, and tell me whether you would rather exchange the side or lower the price.';

/** The same complaint again with other words in two places, and under another label. */
export const NEAR_COPY = COMPLAINT.replace('oak', 'walnut').replace('lower the price', 'lower the amount');

interface Message {
  readonly text: string;
  readonly label: string;
}

/** All of them, the labels in turn; the complaint is the first and its near copy the last row. */
export const MESSAGE_ROWS: readonly Message[] = [
  { text: COMPLAINT, label: 'delivery' },
  ...Array.from({ length: 16 }, (_, i) =>
    Object.entries(MESSAGES).map(([label, texts]) => ({ text: texts[i], label })),
  ).flat(),
  { text: NEAR_COPY, label: 'payment' },
];

/** A table with a header; texts are quoted, as they hold commas. */
export function messagesCsv(): string {
  const rows = MESSAGE_ROWS.map(({ text, label }) => `"${text.replaceAll('"', '""')}",${label}`);
  return ['text,label', ...rows, ''].join('\n');
}
