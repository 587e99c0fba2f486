import type { Person } from './tenant.ts'
import { person } from './tenant.ts'

/** The people of the PIM rule's fixtures, by first name. */
export const pimPeople = {
  priya: person('Priya Raman'),
  tomas: person('Tomas Berglund'),
  ewa: person('Ewa Lis'),
  jonas: person('Jonas Feld'),
  leila: person('Leila Haddad'),
  bruno: person('Bruno Salas'),
  guest: {
    name: 'Aino Kallas',
    upn: 'aino.kallas_partner.example.org#EXT#@harborline.example.com',
  },
  greta: person('Greta Moreau'),
  oskar: person('Oskar Lindqvist'),
  samira: person('Samira Nasser'),
  viktor: person('Viktor Hale'),
  dana: person('Dana Kessler'),
  ines: person('Ines Carvalho'),
  luca: person('Luca Brandt'),
  noor: person('Noor Vance'),
  rosa: { name: 'Rosa Lind', upn: 'Rosa.Lind@harborline.example.com' },
  tessa: person('Tessa Quill'),
  felix: person('Felix Amsel'),
  karin: person('Karin Wolff'),
  sofie: person('Sofie Daalder'),
  henrik: person('Henrik Moe'),
  amara: person('Amara Diallo'),
  ruben: person('Ruben Castell'),
  ulla: person('Ulla Nyberg'),
} satisfies Record<string, Person>
