/* eslint-disable -- written by scripts/api-types.mjs from the server's schemas: `npm run api-types` */
export interface paths {
  '/v1/accounts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Sign up; the code that verifies the address comes by mail
     * @description An address that has an account gets a mail that says so.
     */
    post: operations['signUp']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/accounts/codes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Another code for an address that is not verified yet */
    post: operations['sendCode']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/accounts/verification': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Verify the address by its code, and sign in
     * @description A code takes five tries.
     */
    post: operations['verifyAccount']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/password-resets': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** A code for a new password, by mail */
    post: operations['requestReset']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/password-resets/completion': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Set a new password by the code; every session ends
     * @description A code takes five tries.
     */
    post: operations['resetPassword']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/sessions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Where the own account is signed in */
    get: operations['listSessions']
    put?: never
    /**
     * Sign in
     * @description Every failure is the same, but that who knows the password hears of an unverified address.
     */
    post: operations['signIn']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/sessions/refresh': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * New tokens for a refresh token, which is then used up
     * @description When the answer is lost, the same call from the same device brings the same tokens for a minute. Any other use of an old token ends the session.
     */
    post: operations['refreshSession']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/sessions/current': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** Sign out: the session and its sockets end */
    delete: operations['signOut']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/sessions/{sessionId}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /** End an own session elsewhere */
    delete: operations['endSession']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/tickets': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * A ticket for one socket, for browsers
     * @description A browser cannot send a header with a socket. The ticket works once, within 30 seconds.
     */
    post: operations['createTicket']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/me': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The own account */
    get: operations['getProfile']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    /** Change what is given, keep the rest */
    patch: operations['changeProfile']
    trace?: never
  }
  '/v1/me/password': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /**
     * Change the password
     * @description Every other session and its sockets end.
     */
    put: operations['changePassword']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/pictures/{place}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Upload a JPEG or PNG picture, as the body
     * @description At most 2 MiB and 25 megapixels. It is made anew: nothing but what can be seen is kept.
     */
    post: operations['uploadPicture']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/me/application': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The own application as submitted */
    get: operations['getApplication']
    /**
     * Apply as a driver, or change what was said
     * @description Pictures are uploaded before and named here. Another vehicle needs another approval.
     */
    put: operations['submitApplication']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/me/documents': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The own documents, by addresses that work for 5 minutes */
    get: operations['getDocuments']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/drivers/{driverId}/documents': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** A driver's documents, for staff */
    get: operations['getDriverDocuments']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/drivers/{driverId}/approval': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Let a driver drive; again it changes nothing */
    post: operations['approveDriver']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Own trips, newest first */
    get: operations['listTrips']
    put?: never
    /**
     * Ask for a price; the trip waits 30 minutes
     * @description Needs an Idempotency-Key: the same key never makes a second trip.
     */
    post: operations['requestTrip']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** An own trip, with its people and its payment */
    get: operations['getTrip']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/cancellation': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Cancel a trip; a repeat changes nothing */
    post: operations['cancelTrip']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/status': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Say where the own trip stands
     * @description Forward only; the status it already has changes nothing. `loaded` or later marks cash as received.
     */
    post: operations['reportStatus']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/offers': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Hold an own trip out to one driver
     * @description Needs an Idempotency-Key. The same driver again, while he thinks, is the same offer.
     */
    post: operations['offerTrip']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/offers': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The offer that still waits for an answer */
    get: operations['listOpenOffers']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/offers/{offerId}/acceptance': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Take the trip */
    post: operations['acceptOffer']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/offers/{offerId}/rejection': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Leave the trip to another driver */
    post: operations['rejectOffer']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/search-again': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Take a driver who does not come off
     * @description While the trip has a `concern` and he has not arrived. It is pending again, with its fare and its payment, and can be offered to others.
     */
    post: operations['searchAgain']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/concerns': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Trips whose driver worries us
     * @description Those that have waited longest first, at most 500.
     */
    get: operations['listConcerns']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/payment': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Choose how to pay an own trip that still waits
     * @description Needs an Idempotency-Key. For anything but cash the answer has a `link`: the page to pay on. The same method again goes on with the same payment; another one replaces it.
     */
    post: operations['payTrip']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/payment/check': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Ask the payment service what became of it
     * @description For who comes back from the payment page; it is asked by itself too, only later.
     */
    post: operations['checkPayment']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/cash-receipt': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Say what cash was handed over
     * @description Once, during the trip or after it; the same again changes nothing. Too much becomes the credit of the customer.
     */
    post: operations['receiveCash']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/cash-confirmation': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Say what cash was paid
     * @description Once, during the trip or after it. When the driver says otherwise, a person looks into it.
     */
    post: operations['confirmCash']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/me/balances': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** What the own account has, and owes */
    get: operations['getBalances']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/receipt': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * The receipt of a completed trip
     * @description For its customer and for staff; also sent to the customer by e-mail, as a PDF.
     */
    get: operations['getReceipt']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/receipt.html': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The receipt as one page of HTML */
    get: operations['getReceiptPage']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/receipt.pdf': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The receipt as a PDF */
    get: operations['getReceiptPdf']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/me/payout-account': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Where the own earnings go */
    get: operations['getPayoutAccount']
    /**
     * Say where the own earnings go
     * @description A payout under way still goes where it was going. The number is never shown whole again.
     */
    put: operations['savePayoutAccount']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/me/payouts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Own payouts, newest first */
    get: operations['listPayouts']
    put?: never
    /**
     * Have earnings paid out
     * @description Needs an Idempotency-Key: the same key never makes a second payout. The amount is off the balance at once, and back on it should the payout fail. One is under way at a time.
     */
    post: operations['requestPayout']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/me/earnings': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What the own completed trips earned, newest first
     * @description What of it can be paid out is in `GET /v1/me/balances`.
     */
    get: operations['getEarnings']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/cases': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Matters of money that wait for a person */
    get: operations['listCases']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/cases/{caseId}/resolution': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Settle a case
     * @description For cash, `cashMinor` says what was really handed over, and the books follow.
     */
    post: operations['resolveCase']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/payments/{paymentId}/refunds': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Give money back
     * @description Needs an Idempotency-Key. To where it came from; what was paid in cash becomes the customer's credit.
     */
    post: operations['refundPayment']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/statements': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** What came of the fares of completed trips */
    get: operations['getStatements']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/drivers': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Available drivers within 50 km, at most 20
     * @description Where they are is told to about a kilometre; there is no way to reach them before an offer.
     */
    get: operations['findDrivers']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/drivers/{driverId}/position': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Where the driver of the own active trip is */
    get: operations['locateDriver']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/me/position': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /**
     * A driver says where he is
     * @description For phones without a socket; `/v1/live` is the better way. What is older than what is known, not exact enough, or further away than anybody drives changes nothing.
     */
    put: operations['reportPosition']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/me/trail': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * A driver says where he was
     * @description Readings that could not be sent in time, oldest first. They go into the trails of the trips that he was on then and change nothing about where he is now. Sent twice they count once.
     */
    post: operations['reportTrail']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/trips/{tripId}/trail': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Where the driver was on a trip
     * @description For its customer, its driver and staff; from when he accepted until the end. What was heard in the last seconds may be missing. Kept for TRAIL_RETENTION_DAYS.
     */
    get: operations['getTrail']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/sync': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What the account was told since
     * @description The same as a `resume` over `/v1/live`: up to 500 events after `seq`, or the state where they cannot be told one by one. Without `epoch` and `seq`: where the stream is now. `waitSeconds` answers as soon as there is an event.
     */
    get: operations['sync']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    AddressOfAccount: {
      /** @enum {string} */
      role: 'customer' | 'driver'
      /** @description Compared without case */
      email: string
    }
    Application: {
      firstName: string | null
      lastName: string | null
      physicalAddress: string | null
      phone: string | null
      vehicleClass:
        ('motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t' | 'truck-8t') | null
      vehicleRegistration: string | null
      loadCapacityKg: number | null
      isApproved: boolean
      /** @description URL */
      picture: string | null
      /** @description URLs: front and back */
      carPictures: string[]
    }
    ApplicationForm: {
      firstName?: string
      lastName?: string
      physicalAddress?: string
      phone: string
      /** @enum {string} */
      vehicleClass: 'motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t' | 'truck-8t'
      vehicleRegistration: string
      loadCapacityKg: number
      /** @default {} */
      pictures?: {
        profile?: string
        licence?: string
        carFront?: string
        carBack?: string
      }
    }
    Balance: {
      /** @enum {string} */
      currency: 'ZAR' | 'NGN' | 'KES' | 'GHS'
      /** @description A customer: to spend; it pays for the next trip by itself */
      creditMinor: number
      /** @description A customer: paid for trips that are not completed */
      heldMinor: number
      /** @description A customer: still to be paid. A driver: commission on cash trips */
      owedMinor: number
      /** @description A driver: to be paid out */
      earnedMinor: number
      /** @description A driver: earned, but his customer has not paid it yet */
      withheldMinor: number
      /** @description A driver: owes he more than this, he gets no more cash trips */
      cashLimitMinor: number | null
      mayTakeCash: boolean
    }
    Balances: {
      balances: components['schemas']['Balance'][]
    }
    Cancellation: {
      /** @description Needed from staff */
      reason?: string
    }
    CaseResolution: {
      /** @description For cash: what was really handed over; the books follow */
      cashMinor?: number
      /** @description What was found, and done about it */
      note: string
    }
    CashConfirmation: {
      /** @description What the customer handed over */
      paidMinor: number
    }
    CashReceipt: {
      /** @description What was due, unless told */
      receivedMinor?: number
      /** @description The customer's: he agrees that he has paid all */
      code?: string
    }
    Concerns: {
      trips: components['schemas']['Trip'][]
    }
    Contact: {
      /** Format: uuid */
      id: string
      name: string
      phone: string | null
      email: string | null
      /** @description URL */
      picture: string | null
    }
    Credentials: {
      /** @enum {string} */
      role: 'customer' | 'driver' | 'staff'
      /** @description Compared without case */
      email: string
      password: string
      /** @description A name that this installation made up for itself; it guards its refresh tokens */
      device?: string
    }
    Documents: {
      /** @description URL that works for five minutes */
      licence: string | null
    }
    DriverPosition: {
      /** Format: uuid */
      driverId: string
      position: components['schemas']['Position'] | null
      isOnline: boolean
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      askedAt: string
    }
    Earnings: {
      /** @description Of the whole time, not only of this page */
      totals: {
        /** @enum {string} */
        currency: 'ZAR' | 'NGN' | 'KES' | 'GHS'
        trips: number
        fareMinor: number
        earningMinor: number
      }[]
      settlements: components['schemas']['Settlement'][]
      nextCursor: string | null
    }
    /** @description Everything but the place is optional, and makes the judgement better */
    FixReport: {
      /** @description WGS 84 degrees */
      latitude: number
      /** @description WGS 84 degrees */
      longitude: number
      /** @description The fix within its tracker session */
      n?: number
      /** @description A run of the phone's tracker, within which `n` grows */
      s?: string
      /**
       * Format: date-time
       * @description By the device's clock
       */
      at?: string
      accuracyMeters?: number
      headingDegrees?: number
      speedMps?: number
    }
    /** @description Oldest first */
    LateFixes: {
      /** @description A run of the phone's tracker, within which `n` grows */
      s?: string
      fixes: {
        /** @description The fix within its tracker session */
        n?: number
        /**
         * Format: date-time
         * @description By the device's clock
         */
        at: string
        /** @description WGS 84 degrees */
        latitude: number
        /** @description WGS 84 degrees */
        longitude: number
        accuracyMeters?: number
        headingDegrees?: number
        speedMps?: number
      }[]
    }
    /** @description In order, without gaps, at least once */
    LiveEvent:
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'offer.opened'
          data: {
            /** Format: uuid */
            offerId: string
            /** Format: uuid */
            tripId: string
          }
        }
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'offer.ended'
          data: {
            /** Format: uuid */
            offerId: string
            /** Format: uuid */
            tripId: string
            /** Format: uuid */
            customerId: string
            /** @enum {string} */
            state: 'open' | 'accepted' | 'rejected' | 'expired' | 'withdrawn'
          }
        }
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'trip.changed'
          data: {
            /** Format: uuid */
            tripId: string
            /** Format: uuid */
            customerId: string
            /** @enum {string} */
            status:
              | 'pending'
              | 'accepted'
              | 'en_route'
              | 'arrived_pickup'
              | 'loaded'
              | 'in_transit'
              | 'arrived_dest'
              | 'completed'
              | 'cancelled'
              | 'expired'
            version: number
            /** @enum {string} */
            by: 'customer' | 'driver' | 'staff' | 'system'
            isCashDue: boolean
          }
        }
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'trip.concern'
          data: {
            /** Format: uuid */
            tripId: string
            /** Format: uuid */
            customerId: string
            concern: ('dark' | 'stalled' | 'retreating') | null
          }
        }
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'payment.received'
          data: {
            /** Format: uuid */
            tripId: string
          }
        }
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'payment.changed'
          data: {
            /** Format: uuid */
            tripId: string
            /** Format: uuid */
            paymentId: string
            /** @enum {string} */
            method: 'cash' | 'card' | 'mobile_money' | 'bank_transfer'
            /** @enum {string} */
            status:
              | 'created'
              | 'pending'
              | 'unknown'
              | 'success'
              | 'failed'
              | 'underpaid'
              | 'refunding'
              | 'refunded'
              | 'reversed'
          }
        }
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'payout.changed'
          data: {
            /** Format: uuid */
            payoutId: string
            /** @enum {string} */
            state: 'created' | 'sent' | 'paid' | 'failed' | 'reversed'
          }
        }
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'profile.changed'
          data: Record<string, never>
        }
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'driver.changed'
          data: {
            /** @enum {string} */
            approval: 'approved' | 'pending'
          }
        }
      | {
          /** @constant */
          t: 'evt'
          seq: number
          /**
           * Format: date-time
           * @description When it happened
           */
          at: string
          /** @constant */
          kind: 'driver.approved'
          data: {
            by: string
          }
        }
    LiveState: {
      /** @description Own trips that are not over, as getTrip shows them */
      trips: components['schemas']['TripDetails'][]
      /** @description As listOpenOffers shows them */
      offers: components['schemas']['OpenOffer'][]
    }
    MailSent: {
      /**
       * @description Whatever comes next is in the mail, if there is one
       * @constant
       */
      next: 'read-mail'
    }
    Money: {
      /** @description Cents, kobo, pesewas: never a fraction */
      amountMinor: number
      /** @enum {string} */
      currency: 'ZAR' | 'NGN' | 'KES' | 'GHS'
    }
    MoneyCase: {
      /** Format: uuid */
      id: string
      /** @enum {string} */
      kind:
        | 'cash-disputed'
        | 'cash-short'
        | 'payment-mismatch'
        | 'payment-unclear'
        | 'charge-reversed'
        | 'charge-disputed'
        | 'refund-stuck'
        | 'payout-stuck'
        | 'reconciliation'
      tripId: string | null
      paymentId: string | null
      refundId: string | null
      payoutId: string | null
      /** @description What each side says, and what is at stake */
      details: {
        [key: string]: unknown
      }
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      openedAt: string
      resolvedAt: string | null
      resolvedBy: string | null
      resolution: {
        [key: string]: unknown
      } | null
    }
    MoneyCases: {
      cases: components['schemas']['MoneyCase'][]
      nextCursor: string | null
    }
    NearbyDriver: {
      /** Format: uuid */
      id: string
      name: string
      vehicleClass:
        ('motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t' | 'truck-8t') | null
      /** @description 0 to 5; 0 while unrated */
      rating: number
      tripsCompleted: number
      picture: string | null
      carPicture: string | null
      /** @description The middle of a cell of about a kilometre, not his position */
      area: {
        /** @description WGS 84 degrees */
        latitude: number
        /** @description WGS 84 degrees */
        longitude: number
      }
      /** @description Great circle to the middle of that cell, rounded to 100 m */
      distanceMeters: number
    }
    NearbyDrivers: {
      drivers: components['schemas']['NearbyDriver'][]
    }
    NewAccount: {
      /** @enum {string} */
      role: 'customer' | 'driver'
      /** @description Compared without case */
      email: string
      /** @description 8 to 128 characters, no common one, not only digits */
      password: string
    }
    NewOffer: {
      /** Format: uuid */
      driverId: string
    }
    NewPasswordByCode: {
      /** @enum {string} */
      role: 'customer' | 'driver'
      /** @description Compared without case */
      email: string
      /** @description The six digits of the mail */
      code: string
      /** @description 8 to 128 characters, no common one, not only digits */
      newPassword: string
    }
    NewPayment: {
      /** @enum {string} */
      method: 'cash' | 'card' | 'mobile_money' | 'bank_transfer'
    }
    NewPayout: {
      amountMinor: number
      /** @enum {string} */
      currency: 'ZAR' | 'NGN' | 'KES' | 'GHS'
    }
    NewRefund: {
      amountMinor: number
      reason: string
      /**
       * @description Out of the customer's credit, not as the operator's loss
       * @default false
       */
      isFromCredit?: boolean
    }
    NewTrip: {
      /** @enum {string} */
      vehicleClass: 'motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t' | 'truck-8t'
      pickup: {
        address: string
        /** @description WGS 84 degrees */
        latitude: number
        /** @description WGS 84 degrees */
        longitude: number
      }
      destination: {
        address: string
        /** @description WGS 84 degrees */
        latitude: number
        /** @description WGS 84 degrees */
        longitude: number
      }
      /** @default  */
      loadDescription?: string
    }
    Offer: {
      /** Format: uuid */
      id: string
      /** Format: uuid */
      tripId: string
      /** Format: uuid */
      driverId: string
      /** @enum {string} */
      state: 'open' | 'accepted' | 'rejected' | 'expired' | 'withdrawn'
      /**
       * Format: date-time
       * @description By the server's clock, which alone decides
       */
      expiresAt: string
    }
    OpenOffer: {
      /** Format: uuid */
      id: string
      /** Format: uuid */
      tripId: string
      /** Format: uuid */
      driverId: string
      /** @enum {string} */
      state: 'open' | 'accepted' | 'rejected' | 'expired' | 'withdrawn'
      /**
       * Format: date-time
       * @description By the server's clock, which alone decides
       */
      expiresAt: string
      trip: components['schemas']['TripDetails']
    }
    OpenOffers: {
      /** @description At most one */
      offers: components['schemas']['OpenOffer'][]
    }
    OwnPayoutAccount: {
      /** @description Null until one was said */
      account: components['schemas']['SavedPayoutAccount'] | null
    }
    PasswordChange: {
      oldPassword: string
      /** @description 8 to 128 characters, no common one, not only digits */
      newPassword: string
    }
    Payment: {
      /** Format: uuid */
      id: string
      /** Format: uuid */
      tripId: string
      /** @enum {string} */
      method: 'cash' | 'card' | 'mobile_money' | 'bank_transfer'
      /** @enum {string} */
      status:
        | 'created'
        | 'pending'
        | 'unknown'
        | 'success'
        | 'failed'
        | 'underpaid'
        | 'refunding'
        | 'refunded'
        | 'reversed'
      /** @description The fare, less the customer's credit */
      amount: components['schemas']['Money']
      /** @description What his credit pays of the fare */
      creditMinor: number
      /** @description The payment service's page; for the customer only */
      link: string | null
      /** @description Why it failed, in a word or two of the payment service */
      failure: string | null
      /** @description Cash, as the driver stated it or drove on with the load */
      receivedMinor: number | null
      /** @description Cash, as the customer stated it */
      confirmedMinor: number | null
      /** @description For the customer only: who hands over the cash tells it to the driver, who states it */
      cashCode: string | null
    }
    Payout: {
      /** Format: uuid */
      id: string
      amount: components['schemas']['Money']
      /** @enum {string} */
      state: 'created' | 'sent' | 'paid' | 'failed' | 'reversed'
      /** @description Its last four digits */
      accountNumber: string
      /** @description Why it failed or came back, in the words of the payment service */
      failure: string | null
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      createdAt: string
      endedAt: string | null
    }
    PayoutAccount: {
      /** @enum {string} */
      kind: 'bank' | 'mobile_money'
      /** @description Of its holder */
      name: string
      accountNumber: string
      bankCode: string
    }
    Payouts: {
      payouts: components['schemas']['Payout'][]
      nextCursor: string | null
    }
    Place: {
      address: string
      /** @description WGS 84 degrees */
      latitude: number
      /** @description WGS 84 degrees */
      longitude: number
    }
    Position: {
      /** @description WGS 84 degrees */
      latitude: number
      /** @description WGS 84 degrees */
      longitude: number
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      at: string
    }
    Problem: {
      /** @description A reference that names the kind of problem; ends in its code */
      type: string
      /** @description A sentence for people */
      title: string
      status: number
      /** @enum {string} */
      code:
        | 'invalid-request'
        | 'not-authenticated'
        | 'wrong-role'
        | 'method-not-allowed'
        | 'too-large'
        | 'unsupported-media-type'
        | 'not-found'
        | 'email-taken'
        | 'password-refused'
        | 'invalid-credentials'
        | 'account-not-verified'
        | 'no-code-pending'
        | 'wrong-code'
        | 'too-many-codes'
        | 'old-password-wrong'
        | 'refresh-reused'
        | 'picture-refused'
        | 'pictures-missing'
        | 'phone-taken'
        | 'registration-taken'
        | 'driver-unavailable'
        | 'driver-busy'
        | 'offer-pending'
        | 'driver-on-the-way'
        | 'offer-closed'
        | 'payment-missing'
        | 'payment-unavailable'
        | 'payment-refused'
        | 'gateway-unavailable'
        | 'cash-already-stated'
        | 'cash-not-due'
        | 'not-cash'
        | 'already-resolved'
        | 'refund-refused'
        | 'application-missing'
        | 'payout-account-missing'
        | 'payout-too-small'
        | 'balance-too-low'
        | 'payout-under-way'
        | 'payout-unavailable'
        | 'already-paid'
        | 'trip-not-pending'
        | 'illegal-transition'
        | 'too-many-open-trips'
        | 'idempotency-key-missing'
        | 'idempotency-key-reused'
        | 'request-in-flight'
        | 'too-many-requests'
        | 'unavailable'
        | 'internal'
        | 'busy'
      /** @description Whether the same request may succeed later */
      retryable: boolean
      /** @description To be named in a report; it stands in the server's log */
      requestId: string
      /** @description Every field at fault, for invalid-request */
      errors?: {
        /** @description JSON pointer into the request */
        path: string
        message: string
      }[]
      /** @description Facts that belong to the code */
      details?: {
        [key: string]: unknown
      }
    }
    Profile: {
      /** Format: uuid */
      id: string
      /** @enum {string} */
      role: 'customer' | 'driver' | 'staff'
      email: string
      firstName: string | null
      lastName: string | null
      /** @description E.164 */
      phone: string | null
      physicalAddress: string | null
      /** @description URL */
      picture: string | null
    }
    ProfileChange: {
      /** @description Letters of any script, spaces, hyphens and apostrophes */
      firstName?: string
      /** @description Letters of any script, spaces, hyphens and apostrophes */
      lastName?: string
      /** @description With or without +, local or international */
      phone?: string
      physicalAddress?: string
      picture?: string
    }
    /** @description Of a completed trip; it never changes */
    Receipt: {
      /** @description The market's and its number there, without gaps: `ZA-000123` */
      number: string
      /**
       * @description A tax invoice where the operator is registered for tax
       * @enum {string}
       */
      kind: 'tax-invoice' | 'receipt'
      /** Format: uuid */
      tripId: string
      /** @enum {string} */
      market: 'ZA' | 'NG' | 'KE' | 'GH'
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      issuedAt: string
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      completedAt: string
      company: {
        name: string
        address: string | null
        taxNumber: string | null
      }
      customerName: string
      driverName: string
      vehicleRegistration: string | null
      /** @enum {string} */
      vehicleClass: 'motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t' | 'truck-8t'
      pickupAddress: string
      destinationAddress: string
      distanceMeters: number
      loadDescription: string
      /** @enum {string} */
      currency: 'ZAR' | 'NGN' | 'KES' | 'GHS'
      /** @description They add up to the total */
      lines: {
        /** @enum {string} */
        kind: 'transport' | 'service' | 'tax'
        /** @description As it stands on the receipt: the tax by its name and rate */
        label: string
        amountMinor: number
      }[]
      /** @description The fare */
      totalMinor: number
      /** @description They add up to the total, too */
      payments: {
        /** @enum {string} */
        by: 'cash' | 'card' | 'mobile_money' | 'bank_transfer' | 'credit'
        amountMinor: number
      }[]
    }
    RefreshRequest: {
      refreshToken: string
      /** @description A name that this installation made up for itself; it guards its refresh tokens */
      device?: string
    }
    Refund: {
      /** @description Null where it went to the credit of the customer at once */
      id: string | null
      /** Format: uuid */
      paymentId: string
      amount: components['schemas']['Money']
      /** @enum {string} */
      to: 'payment-method' | 'credit'
    }
    SavedPayoutAccount: {
      /** @enum {string} */
      kind: 'bank' | 'mobile_money'
      name: string
      /** @description Its last four digits */
      accountNumber: string
      bankCode: string
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      changedAt: string
    }
    Session: {
      /** Format: uuid */
      id: string
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      createdAt: string
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      expiresAt: string
      /** @description The one that asks */
      isCurrent: boolean
    }
    SessionTokens: {
      /** Format: uuid */
      accountId: string
      /** @enum {string} */
      role: 'customer' | 'driver' | 'staff'
      accessToken: string
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      accessExpiresAt: string
      refreshToken: string
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      refreshExpiresAt: string
    }
    Sessions: {
      sessions: components['schemas']['Session'][]
    }
    /** @description How the fare of a completed trip was divided */
    Settlement: {
      /** Format: uuid */
      tripId: string
      /** @enum {string} */
      method: 'cash' | 'card' | 'mobile_money' | 'bank_transfer'
      /** @enum {string} */
      currency: 'ZAR' | 'NGN' | 'KES' | 'GHS'
      fareMinor: number
      /** @description The driver's part of the fare */
      earningMinor: number
      /** @description The operator's part, tax and the payment service's fee included */
      serviceFeeMinor: number
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      settledAt: string
    }
    Statement: {
      /** @enum {string} */
      market: 'ZA' | 'NG' | 'KE' | 'GH'
      /** @enum {string} */
      currency: 'ZAR' | 'NGN' | 'KES' | 'GHS'
      trips: number
      faresMinor: number
      earningsMinor: number
      /** @description Without tax and the payment services' fees */
      commissionMinor: number
      taxMinor: number
      feesMinor: number
    }
    Statements: {
      statements: components['schemas']['Statement'][]
    }
    StatusReport: {
      /** @enum {string} */
      status: 'en_route' | 'arrived_pickup' | 'loaded' | 'in_transit' | 'arrived_dest' | 'completed'
    }
    Sync:
      | {
          /** @constant */
          recovered: true
          epoch: string
          /** @description Where the client is after this answer */
          seq: number
          events: components['schemas']['LiveEvent'][]
        }
      | {
          /** @constant */
          recovered: false
          epoch: string
          /** @description Where the client is after this answer */
          seq: number
          /**
           * @description Why the events cannot be told one by one
           * @enum {string}
           */
          reset: 'epoch' | 'pruned' | 'too-far'
          snapshot: components['schemas']['LiveState']
        }
    Ticket: {
      /** @description Opens one socket of this session once, as `?ticket=` */
      ticket: string
      expiresInSeconds: number
    }
    Trip: {
      /** Format: uuid */
      id: string
      /** @enum {string} */
      status:
        | 'pending'
        | 'accepted'
        | 'en_route'
        | 'arrived_pickup'
        | 'loaded'
        | 'in_transit'
        | 'arrived_dest'
        | 'completed'
        | 'cancelled'
        | 'expired'
      /** @description Grows by one with each change of status */
      version: number
      /** @enum {string} */
      market: 'ZA' | 'NG' | 'KE' | 'GH'
      /** @enum {string} */
      vehicleClass: 'motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t' | 'truck-8t'
      pickup: components['schemas']['Place']
      destination: components['schemas']['Place']
      loadDescription: string
      distanceMeters: number
      durationSeconds: number
      /** @description No road distance was to be had */
      isRouteEstimated: boolean
      /** @description Fixed when the trip was requested */
      fare: components['schemas']['Money']
      driverId: string | null
      /** @description `dark`: nothing heard of the driver; `stalled`, `retreating`: he does not come to the pickup */
      concern: {
        /** @enum {string} */
        kind: 'dark' | 'stalled' | 'retreating'
        /**
         * Format: date-time
         * @description ISO 8601, with offset
         */
        noticedAt: string
      } | null
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      createdAt: string
    }
    TripDetails: {
      /** Format: uuid */
      id: string
      /** @enum {string} */
      status:
        | 'pending'
        | 'accepted'
        | 'en_route'
        | 'arrived_pickup'
        | 'loaded'
        | 'in_transit'
        | 'arrived_dest'
        | 'completed'
        | 'cancelled'
        | 'expired'
      /** @description Grows by one with each change of status */
      version: number
      /** @enum {string} */
      market: 'ZA' | 'NG' | 'KE' | 'GH'
      /** @enum {string} */
      vehicleClass: 'motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t' | 'truck-8t'
      pickup: components['schemas']['Place']
      destination: components['schemas']['Place']
      loadDescription: string
      distanceMeters: number
      durationSeconds: number
      /** @description No road distance was to be had */
      isRouteEstimated: boolean
      /** @description Fixed when the trip was requested */
      fare: components['schemas']['Money']
      driverId: string | null
      /** @description `dark`: nothing heard of the driver; `stalled`, `retreating`: he does not come to the pickup */
      concern: {
        /** @enum {string} */
        kind: 'dark' | 'stalled' | 'retreating'
        /**
         * Format: date-time
         * @description ISO 8601, with offset
         */
        noticedAt: string
      } | null
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      createdAt: string
      payment: components['schemas']['Payment'] | null
      customer: components['schemas']['Contact']
      /** @description On the trip, or being asked */
      driver: components['schemas']['Contact'] | null
      openOffer: components['schemas']['Offer'] | null
    }
    TripTrail: {
      /** Format: uuid */
      tripId: string
      driverId: string | null
      /** @description Along all points that are known, also those left out */
      distanceMeters: number
      /** @description There are more points than are shown */
      isThinned: boolean
      points: {
        /** @description WGS 84 degrees */
        latitude: number
        /** @description WGS 84 degrees */
        longitude: number
        /**
         * Format: date-time
         * @description ISO 8601, with offset
         */
        at: string
        accuracyMeters: number | null
        headingDegrees: number | null
        speedMps: number | null
      }[]
    }
    Trips: {
      trips: components['schemas']['Trip'][]
      /** @description Null on the last page */
      nextCursor: string | null
    }
    UploadedPicture: {
      picture: string
    }
    VerificationCode: {
      /** @enum {string} */
      role: 'customer' | 'driver'
      /** @description Compared without case */
      email: string
      /** @description The four digits of the mail */
      code: string
      /** @description Is the password from now on, whoever signed up with this address */
      password: string
      /** @description A name that this installation made up for itself; it guards its refresh tokens */
      device?: string
    }
    /** @description The first frame: who speaks, and where to go on */
    LiveHello: {
      /** @constant */
      t: 'hello'
      /** @constant */
      v: 1
      /** @description Access token, where the handshake could not carry one */
      token?: string
      /** @description This installation: a newer socket of the same device replaces this one (4505) */
      device?: string
      /** @description The last event that was applied */
      resume?: {
        epoch: string
        seq: number
      }
    }
    /** @description Everything up to `seq` was applied; also a sign of life */
    LiveAck: {
      /** @constant */
      t: 'ack'
      seq: number
    }
    /** @description An event is missing after `seq`: tell again what came after it */
    LiveResume: {
      /** @constant */
      t: 'resume'
      seq: number
    }
    /** @description A fresh access token of the same account, before the old one expires */
    LiveAuth: {
      /** @constant */
      t: 'auth'
      token: string
    }
    /** @description A call of /v1 over this socket */
    LiveCommand: {
      /** @constant */
      t: 'cmd'
      /**
       * Format: uuid
       * @description Of this command, also when it is sent again: the Idempotency-Key
       */
      id: string
      /** @description `operationId` of a route of /v1 */
      op: string
      /** @default {} */
      args?: {
        params?: {
          [key: string]: string
        }
        body?: {
          [key: string]: unknown
        }
      }
      /**
       * Format: date-time
       * @description When the person did it; information only
       */
      at?: string
    }
    /** @description A driver says where he is now */
    LiveLoc: {
      /** @constant */
      t: 'loc'
      /** @description WGS 84 degrees */
      latitude: number
      /** @description WGS 84 degrees */
      longitude: number
      /** @description The fix within its tracker session */
      n?: number
      /** @description A run of the phone's tracker, within which `n` grows */
      s?: string
      /**
       * Format: date-time
       * @description By the device's clock
       */
      at?: string
      accuracyMeters?: number
      headingDegrees?: number
      speedMps?: number
    }
    /** @description Where a driver was while he had no connection, oldest first */
    LiveTrail: {
      /** @constant */
      t: 'trail'
      /** @description A run of the phone's tracker, within which `n` grows */
      s?: string
      fixes: {
        /** @description The fix within its tracker session */
        n?: number
        /**
         * Format: date-time
         * @description By the device's clock
         */
        at: string
        /** @description WGS 84 degrees */
        latitude: number
        /** @description WGS 84 degrees */
        longitude: number
        accuracyMeters?: number
        headingDegrees?: number
        speedMps?: number
      }[]
    }
    /** @description A customer follows the driver of an own active trip, or stops */
    LiveWatch: {
      /** @constant */
      t: 'watch'
      /** Format: uuid */
      tripId: string
      /** @default true */
      on?: boolean
    }
    /** @description The answer to `hello` */
    LiveWelcome: {
      /** @constant */
      t: 'welcome'
      /**
       * Format: uuid
       * @description This connection
       */
      session: string
      /** Format: uuid */
      accountId: string
      /** @enum {string} */
      role: 'customer' | 'driver' | 'staff'
      /** @description Which numbering of events; another one means to begin anew */
      epoch: string
      /** @description The stream ends here */
      seq: number
      /** @description Missed events follow; false: `reset` and `snapshot` follow */
      recovered: boolean
      /** @description How often `pos` comes */
      heartbeatSeconds: number
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      serverTime: string
      /**
       * Format: date-time
       * @description Of the access token
       */
      expiresAt: string
    }
    /** @description What was missed cannot be told one by one; `snapshot` follows at once */
    LiveReset: {
      /** @constant */
      t: 'reset'
      /** @enum {string} */
      reason: 'epoch' | 'pruned' | 'too-far'
    }
    /** @description The state at `seq`; events go on from there */
    LiveSnapshot: {
      /** @constant */
      t: 'snapshot'
      /** @description Which numbering of events; another one means to begin anew */
      epoch: string
      seq: number
      state: components['schemas']['LiveState']
    }
    /** @description Heartbeat, and where the stream ends: whoever has less says `resume` */
    LivePos: {
      /** @constant */
      t: 'pos'
      seq: number
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      serverTime: string
    }
    /** @description The answer to `cmd`, as its route gives it */
    LiveCommandResult:
      | {
          /** @constant */
          t: 'res'
          /** Format: uuid */
          id: string
          status: number
          /** @constant */
          ok: true
          data: unknown
        }
      | {
          /** @constant */
          t: 'res'
          /** Format: uuid */
          id: string
          status: number
          /** @constant */
          ok: false
          problem: components['schemas']['Problem']
        }
    /** @description Where the watched driver is; only the newest is kept for a slow reader */
    LiveDriverLoc: {
      /** @constant */
      t: 'loc'
      /** Format: uuid */
      tripId: string
      /** Format: uuid */
      driverId: string
      /** @description WGS 84 degrees */
      latitude: number
      /** @description WGS 84 degrees */
      longitude: number
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      at: string
      /** @description How old it was when it was sent */
      ageMs: number
      n?: number
      headingDegrees?: number
      speedMps?: number
      accuracyMeters?: number
    }
    /** @description How often a driver should say where he is */
    LivePace: {
      /** @constant */
      t: 'pace'
      everySeconds: number
      /** @enum {string} */
      why: 'moving' | 'near-pickup' | 'idle'
    }
    /** @description The fresh token was taken */
    LiveRenewed: {
      /** @constant */
      t: 'auth'
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      expiresAt: string
    }
    /** @description The token expires then: say `auth` with a fresh one */
    LiveAuthRequired: {
      /** @constant */
      t: 'auth-required'
      /**
       * Format: date-time
       * @description ISO 8601, with offset
       */
      by: string
    }
    /** @description What is away: commands may answer 503 until `none` */
    LiveDegraded: {
      /** @constant */
      t: 'degraded'
      /** @enum {string} */
      why: 'database' | 'none'
    }
    /** @description This server stops: come back within that time, at a moment of chance */
    LiveDrain: {
      /** @constant */
      t: 'drain'
      afterMs: number
    }
    /** @description The frame before was refused; the socket stays open */
    LiveProblem: {
      /** @constant */
      t: 'problem'
      /** @enum {string} */
      code:
        | 'invalid-request'
        | 'not-authenticated'
        | 'wrong-role'
        | 'method-not-allowed'
        | 'too-large'
        | 'unsupported-media-type'
        | 'not-found'
        | 'email-taken'
        | 'password-refused'
        | 'invalid-credentials'
        | 'account-not-verified'
        | 'no-code-pending'
        | 'wrong-code'
        | 'too-many-codes'
        | 'old-password-wrong'
        | 'refresh-reused'
        | 'picture-refused'
        | 'pictures-missing'
        | 'phone-taken'
        | 'registration-taken'
        | 'driver-unavailable'
        | 'driver-busy'
        | 'offer-pending'
        | 'driver-on-the-way'
        | 'offer-closed'
        | 'payment-missing'
        | 'payment-unavailable'
        | 'payment-refused'
        | 'gateway-unavailable'
        | 'cash-already-stated'
        | 'cash-not-due'
        | 'not-cash'
        | 'already-resolved'
        | 'refund-refused'
        | 'application-missing'
        | 'payout-account-missing'
        | 'payout-too-small'
        | 'balance-too-low'
        | 'payout-under-way'
        | 'payout-unavailable'
        | 'already-paid'
        | 'trip-not-pending'
        | 'illegal-transition'
        | 'too-many-open-trips'
        | 'idempotency-key-missing'
        | 'idempotency-key-reused'
        | 'request-in-flight'
        | 'too-many-requests'
        | 'unavailable'
        | 'internal'
        | 'busy'
      title: string
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type $defs = Record<string, never>
export interface operations {
  signUp: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['NewAccount']
      }
    }
    responses: {
      /** @description Accepted */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['MailSent']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  sendCode: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['AddressOfAccount']
      }
    }
    responses: {
      /** @description Accepted */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['MailSent']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  verifyAccount: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['VerificationCode']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SessionTokens']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  requestReset: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['AddressOfAccount']
      }
    }
    responses: {
      /** @description Accepted */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['MailSent']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  resetPassword: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['NewPasswordByCode']
      }
    }
    responses: {
      /** @description Set */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listSessions: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Sessions']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  signIn: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['Credentials']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SessionTokens']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  refreshSession: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['RefreshRequest']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SessionTokens']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  signOut: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Ended */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  endSession: {
    parameters: {
      query?: never
      header?: never
      path: {
        sessionId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Ended */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  createTicket: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Ticket']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getProfile: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Profile']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  changeProfile: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ProfileChange']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Profile']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  changePassword: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['PasswordChange']
      }
    }
    responses: {
      /** @description Changed */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  uploadPicture: {
    parameters: {
      query?: never
      header?: never
      path: {
        place: 'profile' | 'licence' | 'car-front' | 'car-back'
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['UploadedPicture']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too large */
      413: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not JSON */
      415: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getApplication: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Application']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  submitApplication: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ApplicationForm']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Application']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getDocuments: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Documents']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getDriverDocuments: {
    parameters: {
      query?: never
      header?: never
      path: {
        driverId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Documents']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  approveDriver: {
    parameters: {
      query?: never
      header?: never
      path: {
        driverId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Approved */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listTrips: {
    parameters: {
      query?: {
        limit?: number
        /** @description `nextCursor` of the page before */
        cursor?: string
        status?:
          | 'pending'
          | 'accepted'
          | 'en_route'
          | 'arrived_pickup'
          | 'loaded'
          | 'in_transit'
          | 'arrived_dest'
          | 'completed'
          | 'cancelled'
          | 'expired'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Trips']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  requestTrip: {
    parameters: {
      query?: never
      header: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTrip']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Trip']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getTrip: {
    parameters: {
      query?: never
      header?: never
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['TripDetails']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  cancelTrip: {
    parameters: {
      query?: never
      header?: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key'?: string
      }
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['Cancellation']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Trip']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  reportStatus: {
    parameters: {
      query?: never
      header?: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key'?: string
      }
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['StatusReport']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Trip']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  offerTrip: {
    parameters: {
      query?: never
      header: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key': string
      }
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['NewOffer']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Offer']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listOpenOffers: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['OpenOffers']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  acceptOffer: {
    parameters: {
      query?: never
      header?: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key'?: string
      }
      path: {
        offerId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Trip']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  rejectOffer: {
    parameters: {
      query?: never
      header?: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key'?: string
      }
      path: {
        offerId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  searchAgain: {
    parameters: {
      query?: never
      header?: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key'?: string
      }
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Trip']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listConcerns: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Concerns']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  payTrip: {
    parameters: {
      query?: never
      header: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key': string
      }
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['NewPayment']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Payment']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  checkPayment: {
    parameters: {
      query?: never
      header?: never
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Payment']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  receiveCash: {
    parameters: {
      query?: never
      header?: never
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['CashReceipt'] | null
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Payment']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  confirmCash: {
    parameters: {
      query?: never
      header?: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key'?: string
      }
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['CashConfirmation']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Payment']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getBalances: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Balances']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getReceipt: {
    parameters: {
      query?: never
      header?: never
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Receipt']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getReceiptPage: {
    parameters: {
      query?: never
      header?: never
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The page: it loads nothing */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/html': string
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getReceiptPdf: {
    parameters: {
      query?: never
      header?: never
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page of A5 */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/pdf': string
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getPayoutAccount: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['OwnPayoutAccount']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  savePayoutAccount: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['PayoutAccount']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['OwnPayoutAccount']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listPayouts: {
    parameters: {
      query?: {
        limit?: number
        /** @description `nextCursor` of the page before */
        cursor?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Payouts']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  requestPayout: {
    parameters: {
      query?: never
      header: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key': string
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['NewPayout']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Payout']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getEarnings: {
    parameters: {
      query?: {
        limit?: number
        /** @description `nextCursor` of the page before */
        cursor?: string
        /** @description ISO 8601, with offset */
        from?: string
        /** @description Exclusive */
        to?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Earnings']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  listCases: {
    parameters: {
      query?: {
        limit?: number
        /** @description `nextCursor` of the page before */
        cursor?: string
        state?: 'open' | 'resolved'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['MoneyCases']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  resolveCase: {
    parameters: {
      query?: never
      header?: never
      path: {
        caseId: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['CaseResolution']
      }
    }
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['MoneyCase']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  refundPayment: {
    parameters: {
      query?: never
      header: {
        /** @description Made up by the client for this one call; a repeat with it gets the same answer */
        'Idempotency-Key': string
      }
      path: {
        paymentId: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['NewRefund']
      }
    }
    responses: {
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Refund']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not possible as things stand */
      409: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The Idempotency-Key belongs to another request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getStatements: {
    parameters: {
      query: {
        /** @description ISO 8601, with offset */
        from: string
        /** @description Exclusive */
        to: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Statements']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  findDrivers: {
    parameters: {
      query: {
        latitude: number
        longitude: number
        vehicleClass?:
          | ('motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t' | 'truck-8t')
          | ('motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t' | 'truck-8t')[]
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['NearbyDrivers']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  locateDriver: {
    parameters: {
      query?: never
      header?: never
      path: {
        driverId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['DriverPosition']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  reportPosition: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['FixReport']
      }
    }
    responses: {
      /** @description Taken */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  reportTrail: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['LateFixes']
      }
    }
    responses: {
      /** @description Taken */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description This account may not do that */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  getTrail: {
    parameters: {
      query?: never
      header?: never
      path: {
        tripId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['TripTrail']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Not there, or not yours */
      404: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  sync: {
    parameters: {
      query?: {
        epoch?: string
        /** @description The last event that was applied */
        seq?: number
        /** @description How long to wait for an event when there is none yet */
        waitSeconds?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Sync']
        }
      }
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Sign in first */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests; Retry-After says how long to wait */
      429: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Away or busy; Retry-After says when to come back */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
}
