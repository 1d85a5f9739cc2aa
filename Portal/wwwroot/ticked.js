// What is ticked in a part of the page, as the browser has it: a tick that was made while the line was down may not have arrived.
export const ticked = id => [...document.getElementById(id).querySelectorAll('input[type=checkbox]:checked')].map(box => box.value);
